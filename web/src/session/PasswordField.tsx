import { TextField } from "../ui/Field";

interface Props {
  label?: string;
  value: string;
  onChange: (value: string) => void;
  autoFocus?: boolean;
}

const least = 10;

/** What keeps a new password from being sent; undefined for nothing. */
export const passwordFault = (password: string): string | undefined =>
  password.length > 0 && password.length < least ? `${least - password.length} more ${least - password.length === 1 ? "character" : "characters"}.` : undefined;

export const longEnough = (password: string): boolean => password.length >= least;

/** A password that is being chosen. */
export function PasswordField({ label = "Password", value, onChange, autoFocus }: Props) {
  const missing = passwordFault(value);
  return (
    <TextField label={label} type="password" autoComplete="new-password" value={value} onChange={onChange} hint={missing ?? "At least 10 characters. The most common ones are refused."} maxLength={200} required {...(autoFocus && { autoFocus })} />
  );
}
