"""A Gemini API key in Secret Manager that may change while the app runs."""

from gemini_key_reader._reader import PLACEHOLDER, KeyReader, NoKeyError, means_the_key

__all__ = ["PLACEHOLDER", "KeyReader", "NoKeyError", "means_the_key"]
