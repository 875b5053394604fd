"""Lines of logs like those of `logforms`, written by somebody else: nothing is chosen by them."""
# ruff: noqa: E501

NOISE = (
    "2026-11-12 07:31:22 1vJx{byte}-0000000{byte}Kq-2d <= newsletter@example.org H=({host}) [192.0.2.{byte}] P=esmtpsa X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no A=plain_login:newsletter S={number}",
    "{time} {host} dovecot: imap(treasurer@example.org)<{pid}><Qm3vT0xk{byte}>: Disconnected: Logged out in={byte} out={number} deleted=0 expunged=0 trashed=0 hdr_count=14 hdr_bytes=6120 body_count=2 body_bytes=18877",
    '198.51.100.{byte} - - [12/Nov/2026:07:31:22 +0100] "GET /wp-content/uploads/2026/10/summer-fair.jpg HTTP/2.0" 200 {number} "https://www.example.org/events/" "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"',
    "2026-11-12 07:31:22.123 CET [{pid}] LOG:  checkpoint complete: wrote {byte} buffers (0.3%); 0 WAL file(s) added, 0 removed, 1 recycled; write=4.718 s, sync=0.011 s, total=4.744 s; sync files=31, longest=0.004 s, average=0.001 s; distance={number} kB, estimate={number} kB",
    "2026-11-12  7:31:22 0 [Note] InnoDB: Buffer pool(s) load completed at 261112  7:31:22",
    "{iso} {host} borgmatic[{pid}]: INFO Archive name: {host}-2026-11-12T07:31:22, number of files: {number}, utilization of max. archive size: 0%",
    '{{"reqId":"hT7cVbq{byte}Lx0","level":1,"time":"{iso}","remoteAddr":"203.0.113.{byte}","user":"marijke","app":"files_sharing","method":"PUT","url":"/remote.php/dav/files/marijke/Minutes/board.odt","message":"File updated","version":"30.0.2.2"}}',
    '2026-11-12 07:31:22,123 - synapse.access.http.8008 - 473 - INFO - GET-{number} - 203.0.113.{byte} - 8008 - {{@anouk:example.org}} Processed request: 0.014sec/0.001sec (0.004sec, 0.000sec) (0.001sec/0.005sec/3) 512B 200 "GET /_matrix/client/v3/sync?timeout=30000 HTTP/1.1" "Element" [0 dbevts]',
    'I1112 07:31:22.123456   {pid} kubelet_volumes.go:163] "Cleaned up orphaned pod volumes dir" podUID="5b0c{byte}e-77f1" path="/var/lib/kubelet/pods/5b0c{byte}e-77f1/volumes"',
    'time="{iso}" level=info msg="Loading containers: done." containers={byte} module=daemon',
    "[{number}] unbound[{pid}:0] info: server stats for thread 0: {number} queries, {number} answers from cache, {byte} recursions, {byte} prefetch, 0 rejected by ip ratelimiting",
    "{time} {host} kernel: [{number}.{pid}] wireguard: wg0: Receiving keepalive packet from peer 7 (203.0.113.{byte}:51820)",
    "Information\t12/11/2026 07:31:22\tService Control Manager\t7036\tNone\tThe Print Spooler service entered the running state.",
    "Thu Nov 12 07:31:22 2026 daemon.info dnsmasq-dhcp[{pid}]: DHCPACK(br-lan) 192.168.1.{byte} 5e:1c:aa:0f:73:d2 office-tablet",
    "2026-11-12 07:31:22 status installed libgnutls30:amd64 3.7.9-2+deb12u3",
    "11-12 07:31:22.123  {pid}  {pid} D SyncAdapter: finished account sync org.example.volunteers, {byte} contacts unchanged, took {byte} ms",
    "\tat org.example.members.web.DonationController.lambda$list$3(DonationController.java:{byte}) ~[members-web-2.4.1.jar:2.4.1]",
    "{iso} ##[group]Run actions/checkout, depth 1, runner {host}, {byte} objects received",
)
FRONT = (
    "2026-11-12 07:31:22 [{pid}] 1vJx{byte}-0000000Kq-2d ",
    "2026-11-12 07:31:22.123 CET [{pid}] members@membersdb FATAL:  ",
    "E1112 07:31:22.123456   {pid} pod_workers.go:1301] ",
    "2026-11-12 07:31:22,123 - synapse.http.matrixfederationclient - 691 - ERROR - federation_transaction_transmission_loop-{byte} - ",
    "<27>1 {iso} {host} backupd {pid} - - ",
    "11-12 07:31:22.123  {pid}  {pid} E MailSyncService: ",
    "Critical\t12/11/2026 07:31:22\tMicrosoft-Windows-Backup\t{byte}\tNone\t",
    "{iso} pid={pid} hostname={host} level=50 name=signup-form msg=",
)
