"""What goes out: the choice, the list, the reasons, and what to do where there is no good choice."""
