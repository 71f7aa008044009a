import type { Socket } from 'node:net';

/** How long what a peer said before it hung up may take to be read. */
const longestMs = 500;

type Done = (error?: Error | null) => void;

/**
 * Lets a peer finish speaking: a write that fails ends a socket of Node at once, with what the kernel has received unread,
 * and that may be the answer which says why the peer hung up. So the failure is told when reading has come to its end.
 */
export function hearOut(socket: Socket): void {
  const late =
    (done: Done): Done =>
    (error) => {
      if (!error) return done();
      const tell = () => {
        clearTimeout(timer);
        socket.off('end', tell).off('close', tell);
        done(error);
      };
      const timer = setTimeout(tell, longestMs);
      socket.on('end', tell).on('close', tell);
    };
  const write = socket._write.bind(socket);
  socket._write = (chunk, encoding, done) => write(chunk, encoding, late(done));
  const writev = socket._writev?.bind(socket);
  if (writev) socket._writev = (chunks, done) => writev(chunks, late(done));
}
