"""Printed from ../../refusals.json."""

STATUSES = (400, 401, 403)
WORDS = (
    "API_KEY_INVALID",
    "keyInvalid",
    "ACCESS_TOKEN_TYPE_UNSUPPORTED",
    "invalid authentication credentials",
    "API key not valid",
    "API key expired",
    "renew the API key",
    "API key not found",
    "reported as leaked",
)
