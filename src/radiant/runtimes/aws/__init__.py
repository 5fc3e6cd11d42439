"""Amazon SageMaker by boto3: how it is asked, how what it says is read, and how something is created there."""
