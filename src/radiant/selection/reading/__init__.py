"""What comes in, checked: rows of the registry become candidates, what a caller asks becomes criteria."""
