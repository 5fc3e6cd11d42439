"""What runtimes answer, as they document it."""
