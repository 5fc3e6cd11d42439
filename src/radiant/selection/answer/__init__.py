"""Answers: the choice, the list, explanations, diagnoses, and fallbacks."""
