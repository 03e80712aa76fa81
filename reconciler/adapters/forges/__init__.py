"""Where pull requests live: one module per forge, each fulfilling `ports.Forge`."""
