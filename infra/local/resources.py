"""Creates the hub's resources from its CloudFormation template, on any AWS-compatible endpoint."""

LOSE_WORKFLOWS_PATH = "/hub-local/lose-workflows"
