"""What is meant by a name: models, providers and capabilities as people write them."""
