import { DEFAULT_CONFIG_FILE, type Layout } from './front-server.ts';

/** @see https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html */
export function systemd({ args }: Layout): string {
  const command = [
    '/usr/bin/env',
    'id-token-guard',
    'serve',
    ...(args.length === 0 ? ['--config', DEFAULT_CONFIG_FILE] : args),
  ];
  return `
# For /etc/systemd/system/id-token-guard.service, after "npm install --global @id-token-guard/cli".
[Unit]
Description=Guard that accepts Google-signed ID tokens
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=${command.map(quoted).join(' ')}
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=1
TimeoutStopSec=15
DynamicUser=yes
CapabilityBoundingSet=
LockPersonality=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectSystem=strict
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
UMask=0077

[Install]
WantedBy=multi-user.target
`;
}

/** systemd takes % for its own names and $ for variables, in quotes too. */
function quoted(word: string): string {
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w@%+=:,./-]+$/.test(word) ? escaped : JSON.stringify(escaped);
}
