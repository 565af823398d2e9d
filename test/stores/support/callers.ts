export const AUDIENCE = 'https://api.example.com';

/** Claims of the one account that may call. */
export const SENDER = {
  sub: '101010101010101010101',
  email: 'sender@my-project.iam.gserviceaccount.com',
  email_verified: true,
};
