"""Requests to hosts on the internet."""
