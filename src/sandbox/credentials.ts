/** The only credentials the sandbox accepts. They open nothing else. */
export const sandboxCredentials = {
  SPOTIFY_CLIENT_ID: 'sandbox-client',
  SPOTIFY_CLIENT_SECRET: 'sandbox-client-secret',
  MLC_USERNAME: 'sandbox-user',
  MLC_PASSWORD: 'sandbox-password',
  MUSICBRAINZ_CONTACT: 'sandbox@linernotes.example',
  CHARTMETRIC_REFRESH_TOKEN: 'sandbox-refresh-token',
  CREDITS_SCRAPE: 'on',
} as const;
