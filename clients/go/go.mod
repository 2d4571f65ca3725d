module github.com/your-org/gemini-key-warden/clients/go

go 1.24
