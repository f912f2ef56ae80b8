// A process of the built command line that runs one command after another, as its parent asks: to start one for each takes long.
import { runCommandLine } from '../../dist/program.js';

/** Keeps what is written to a stream, until `taken` is called. */
function kept(stream) {
  const { write } = stream;
  const chunks = [];
  stream.write = (chunk, encoding, callback) => {
    chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8'));
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done) process.nextTick(done);
    return true;
  };
  return {
    taken() {
      stream.write = write;
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}

async function run(args) {
  const [out, err] = [kept(process.stdout), kept(process.stderr)];
  process.exitCode = undefined;
  try {
    await runCommandLine(args);
  } finally {
    const code = process.exitCode ?? 0;
    process.exitCode = undefined;
    process.send({ code, out: out.taken(), err: err.taken() });
  }
}

let last = Promise.resolve();
process.on('message', (args) => {
  last = last.then(() => run(args));
});
process.on('disconnect', () => process.exit());
