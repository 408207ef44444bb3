import { useQuery } from "@tanstack/react-query";
import { Failure, Loading } from "../ui/Notice";
import { useMay } from "../session";
import { Caller } from "./Caller";
import { PrivacyFacts, PrivacyForm } from "./PrivacyForm";
import { PrivacyWork } from "./PrivacyWork";
import { stored } from "./queries";

/** What is kept of people who call, for how long, and what was deleted. */
export function PersonalData() {
  const privacy = useQuery(stored.privacy());
  const may = useMay("admin");
  if (privacy.isError && !privacy.data) return <Failure error={privacy.error} retry={() => void privacy.refetch()} />;
  if (!privacy.data) return <Loading what="the settings" />;
  if (!may) return <PrivacyFacts stored={privacy.data.value} />;
  return (
    <>
      <PrivacyForm key={privacy.data.revision ?? 0} stored={privacy.data} />
      <PrivacyWork />
      <Caller />
    </>
  );
}
