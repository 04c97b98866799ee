"""Ombud runs an organisation's privacy policy."""
