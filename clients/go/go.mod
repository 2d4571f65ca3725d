module gemini-key-warden/clients/go

go 1.24
