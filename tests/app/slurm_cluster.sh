#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A real Slurm of one node in a folder, for root: slurm_cluster.sh start|stop FOLDER. Its configuration is
# FOLDER/slurm.conf; nothing outside the folder is touched.
set -euo pipefail
readonly folder=$2
host=$(hostname -s)
readonly host

stop() {
  local name pid
  export SLURM_CONF=$folder/slurm.conf
  timeout 10 scancel --user=root || true
  for _ in $(seq 100); do
    [[ -n $(timeout 10 squeue --noheader || true) ]] || break
    sleep 0.1
  done
  for name in slurmd slurmctld munged; do
    [[ -f $folder/$name.pid ]] || continue
    pid=$(cat "$folder/$name.pid")
    kill "$pid" 2>/dev/null || continue
    timeout 10 tail --pid="$pid" -f /dev/null || kill -9 "$pid"
  done
}

start() {
  mkdir -p "$folder/state" "$folder/spool"
  head -c 64 /dev/urandom >"$folder/munge.key"
  chmod 600 "$folder/munge.key"
  munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" \
    --log-file="$folder/munged.log" --seed-file="$folder/munge.seed"
  # Ports that are free now: several of these may run at once.
  local ports
  ports=$(python3 -c 'import socket
sockets = [socket.socket() for _ in range(2)]
for s in sockets: s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in sockets))')
  cat >"$folder/slurm.conf" <<CONF
ClusterName=viva
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
ReturnToService=2
SlurmctldPort=${ports% *}
SlurmdPort=${ports#* }
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=short Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
  export SLURM_CONF=$folder/slurm.conf
  slurmctld -i
  slurmd
  for _ in $(seq 100); do
    if sinfo --noheader --format %T 2>/dev/null | grep -q idle; then return 0; fi
    sleep 0.1
  done
  cat "$folder"/*.log >&2
  return 1
}

"$1"
