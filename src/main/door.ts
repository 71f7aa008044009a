/** Who asks: the desktop window, a LAN client, or the terminal. Some calls are refused to some doors. */
export type Door = 'window' | 'lan' | 'terminal';
