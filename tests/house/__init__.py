"""What holds for the whole house, whatever a room does."""
