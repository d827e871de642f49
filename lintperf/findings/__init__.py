"""Findings: their texts, their order, what a document or a user does not want reported."""
