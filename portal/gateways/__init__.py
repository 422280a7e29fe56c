"""Everything outside the process: mail, payments, the job queue. A protocol, the real thing and a stand-in, one file each."""
