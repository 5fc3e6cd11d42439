"""Fake providers over real HTTP, played from a script."""
