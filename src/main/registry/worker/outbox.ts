/** Sends together what is said in one turn of the event loop: a message costs more than what is in it. */
export interface Outbox<Message> {
  say(message: Message): void;
  /** Sends what is left, at once. */
  flush(): void;
}

export function createOutbox<Message>(send: (messages: Message[]) => void): Outbox<Message> {
  let said: Message[] = [];
  const flush = () => {
    if (said.length === 0) return;
    send(said);
    said = [];
  };
  return {
    say(message) {
      if (said.push(message) === 1) setImmediate(flush);
    },
    flush,
  };
}
