"""What everything else speaks of: models, prices, facts, criteria, choices, errors. No input or output, no clock."""
