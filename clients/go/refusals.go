package keyreader

// Printed from ../refusals.json.
var refusals = struct {
	Statuses []int
	Words    []string
}{
	Statuses: []int{400, 401, 403},
	Words: []string{
		"API_KEY_INVALID",
		"keyInvalid",
		"ACCESS_TOKEN_TYPE_UNSUPPORTED",
		"invalid authentication credentials",
		"API key not valid",
		"API key expired",
		"renew the API key",
		"API key not found",
		"reported as leaked",
	},
}
