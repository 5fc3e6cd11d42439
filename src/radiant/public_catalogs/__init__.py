"""Public catalogs of models: what each of them claims, in our keys and units. Pure, bounded, never half-read."""
