"""Sets of candidates as integers, one for each value that is asked for."""
