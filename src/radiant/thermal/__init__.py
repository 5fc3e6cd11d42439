"""When self-hosted models wake and sleep: a state machine and a policy, without clock and without I/O."""
