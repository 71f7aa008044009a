import type { KeyboardInteractiveAuthMethod, Prompt } from 'ssh2';
import { deviceText } from './device-text.ts';

/** Words by which a device asks for a password; a code that changes (passcode, token) is none. */
const passwordWords = /pass(?!code)|kennwort|contrase|senha|密码|パスワード/i;

const isForPassword = ({ prompt, echo }: Prompt) => !echo && passwordWords.test(prompt);

/** A device that goes on asking after that many rounds of one login asks for ever. */
const mostRounds = 4;

/**
 * Answers the questions of a keyboard-interactive login (RFC 4256): one that asks for nothing but a password with that
 * password, once; to everything else it gives empty answers, so that the device refuses, and notes why.
 */
export function answerWith(
  password: string,
  note: (sentence: string) => void,
  giveUp: () => void,
): KeyboardInteractiveAuthMethod['prompt'] {
  let rounds = 0;
  let isGiven = false;
  return (_name, _instructions, _language, prompts, answer) => {
    rounds += 1;
    if (rounds > mostRounds) return giveUp();
    const [first, ...others] = prompts;
    const asksForPassword = first !== undefined && others.length === 0 && isForPassword(first);
    if (asksForPassword && !isGiven) {
      isGiven = true;
      return answer([password]);
    }
    if (!asksForPassword) note(`It asks for ${asked(prompts)}, which Pushrod cannot answer.`);
    answer(prompts.map(() => ''));
  };
}

function asked(prompts: Prompt[]): string {
  return prompts.map(({ prompt }) => `"${deviceText(prompt).replace(/[\s:]+$/, '')}"`).join(' and ');
}
