"""AWS Signature Version 4, which botocore computes; it comes with the extra `bedrock`."""

from collections.abc import Mapping

from .failures import Failed, Reason


def signed(provider: str, url: str, id: str, secret: str, token: str | None, region: str) -> Mapping[str, str]:
    """The headers that sign a GET of `url` for the service `bedrock`. Raises Failed where botocore is not installed."""
    try:
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials
    except ImportError:
        how = "install radiant-registry[bedrock], or set AWS_BEARER_TOKEN_BEDROCK"
        raise Failed(provider, Reason.SETTINGS, f"signing with AWS_ACCESS_KEY_ID needs boto3: {how}") from None
    request = AWSRequest(method="GET", url=url)
    SigV4Auth(Credentials(id, secret, token), "bedrock", region).add_auth(request)
    return dict(request.headers.items())
