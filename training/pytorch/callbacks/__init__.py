"""What is done beside the steps: saying how it goes, keeping checkpoints, heeding the person, freeing layers."""
