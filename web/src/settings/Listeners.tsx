/** Where calls come in, and what is wrong with that. */
export function Listeners({ listeners }: { listeners: string[] }) {
  if (listeners.length === 0) {
    return (
      <div className="notice notice-warn">
        <p>Nothing listens for SIP on this node. Start the server with <code>--sip udp:0.0.0.0:5060</code>, or give <code>sip</code> in its settings file.</p>
      </div>
    );
  }
  return (
    <>
      <ul className="listeners" aria-label="Where the gateway listens">
        {listeners.map((l) => (
          <li key={l}>
            <code>{l}</code>
          </li>
        ))}
      </ul>
      {listeners.every(onlyHere) && (
        <div className="notice notice-warn">
          <p>These addresses are reached from this machine only. For calls from a carrier, start the server with <code>--sip udp:0.0.0.0:5060</code> and <code>--sip-advertise</code> with its public name.</p>
        </div>
      )}
    </>
  );
}

/** Whether a listener (udp:127.0.0.1:5060) is reached from its own machine only. */
export const onlyHere = (listener: string): boolean => /^\w+:(127\.|\[::1\]|localhost)/.test(listener);
