"""What ocs costs, beside what else would do the work, measured in the same run."""
