"""What cdk-nag (AwsSolutions) finds fault with and we leave so, each with its reason. Any other finding ends the synthesis."""
