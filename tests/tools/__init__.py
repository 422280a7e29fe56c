"""What `make test` runs: system packages, private servers, and the steps in their order."""
