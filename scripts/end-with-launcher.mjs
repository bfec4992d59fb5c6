// Loaded before the app and the stand-ins (--import): they hold an IPC channel to the launcher, which the operating
// system closes when the launcher ends, even by SIGKILL. So no launcher leaves anything behind on a port.
process.on('disconnect', () => process.exit())
