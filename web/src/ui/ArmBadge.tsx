/** The colour of an arm, the same everywhere; past six arms colours come again. */
export const armTone = (arm: string): string => `arm-${(arm.charCodeAt(0) - 65) % 6}`;

export function ArmBadge({ arm }: { arm: string }) {
  return <span className={`arm-badge ${armTone(arm)}`}>{arm}</span>;
}
