"""Fixes: new values in texts, and documents mended."""
