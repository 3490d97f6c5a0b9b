// Comes after allauth's script, whose listener takes the button over: pressed before that, it would send an empty form.
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("passkey_login").disabled = false;
});
