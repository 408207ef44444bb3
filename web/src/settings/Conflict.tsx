import { overtaken } from "../change/useChange";
import { Failure } from "../ui/Notice";

/** What kept a setting from being saved; when somebody else was first, the way to go on. */
export function Conflict({ error, over }: { error: unknown; over: () => void }) {
  if (error === null || error === undefined) return null;
  if (!overtaken(error)) return <Failure error={error} />;
  return (
    <div className="notice notice-warn" role="alert">
      <p>Somebody else saved these settings meanwhile. Yours are still here.</p>
      <button type="button" className="button small" onClick={over}>
        Save mine over them
      </button>
    </div>
  );
}
