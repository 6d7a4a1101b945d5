"""What an app is: frozen values shared by every layer. Imports nothing third-party and nothing of ours."""
