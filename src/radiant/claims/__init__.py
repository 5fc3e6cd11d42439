"""What a public source says, read: documents within bounds, entries, single facts, prices. Pure."""
