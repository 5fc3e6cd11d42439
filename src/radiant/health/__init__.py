"""How well do providers and models answer? Observations in, statuses, circuits and distributions out."""
