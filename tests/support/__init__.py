"""What tests share: databases, settings, people and companies to begin with."""
