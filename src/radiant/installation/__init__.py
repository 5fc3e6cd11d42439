"""What this machine has of Radiant: preparing a registry, finding one, token files, what is missing."""
