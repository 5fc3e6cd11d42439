"""Which candidate comes before which: profiles, and the orders they make."""
