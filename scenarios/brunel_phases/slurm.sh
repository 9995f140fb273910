#!/usr/bin/env bash
# A sweep as an array of Slurm: sbatch scenarios/brunel_phases/slurm.sh [SWEEP [OUT]]
#
# Each task runs its shard; the one that finds all runs there makes the data set and the figures. Tasks that were killed are sent again as
# they are: what is done is not run again.
#SBATCH --job-name=tauspike
#SBATCH --array=1-4
#SBATCH --cpus-per-task=2
#SBATCH --mem=4G
#SBATCH --time=01:00:00
set -euo pipefail
sweep=${1:-scenarios/brunel_phases}
out=${2:-out/brunel_phases}
# --mem is in MB there
memory=$(awk "BEGIN { print 0.9 * ${SLURM_MEM_PER_NODE:-4096} / 1024 }")
exec tauspike sweep "$sweep" --out "$out" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
  --jobs "${SLURM_CPUS_PER_TASK:-1}" --memory-gib "$memory" --quiet
