"""How long studies, sweeps, the site and the tables take, against the tools one would use else."""
